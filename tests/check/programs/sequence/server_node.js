// again: like another
const net = require("net");

const messages = [];
const server = net.createServer((socket) => {
  socket.once("data", (data) => {
    const text = data.toString().trim();
    console.log("received:", text);
    messages.push({ socket, text: text.replace("Client ", "") });
    if (messages.length === 2) acknowledge();
  });
  socket.on("error", () => {});
});

function acknowledge() {
  const reply = `${messages[0].text} received before ${messages[1].text}`;
  for (const { socket } of messages) socket.end(reply);
  console.log("sent:", reply);
  console.log("Sent acknowledgment to both X and Y");
  server.close();
}

server.listen(Number(process.argv[2] || 12000), "127.0.0.1");
