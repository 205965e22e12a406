// again: like another
const dgram = require("dgram");

const server = dgram.createSocket("udp4");
const ready = () => console.log("The server is ready to receive");

server.on("message", (data, client) => {
  const message = data.toString();
  console.log(message);
  const answer = message.toUpperCase();
  if (answer === "QUIT") {
    console.log("CONNECTION CLOSED");
    console.log("=====");
    ready();
  }
  server.send(answer, client.port, client.address);
});
server.bind(Number(process.argv[2] || 12000), ready);
