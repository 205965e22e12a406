// again: like another
const dgram = require("dgram");
const readline = require("readline");

const port = Number(process.argv[2] || 12000);
const socket = dgram.createSocket("udp4");
const keyboard = readline.createInterface({
  input: process.stdin,
  output: process.stdout,
});

function ask() {
  keyboard.question("Input lowercase sentence: ", (line) => {
    socket.once("message", (answer) => {
      console.log(answer.toString());
      if (line !== "quit") return ask();
      console.log("CONNECTION CLOSED");
      keyboard.close();
      socket.close();
    });
    socket.send(line, port, "127.0.0.1");
  });
}

ask();
