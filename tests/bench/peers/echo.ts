/**
 * What Deno itself needs for a datagram and its answer, and no more.
 *
 *     deno run --allow-net=127.0.0.1 echo.ts PORT
 */
const [port] = Deno.args;
const address = { hostname: "127.0.0.1", port: Number(port) };
const socket = Deno.listenDatagram({ transport: "udp", ...address });
const buffer = new Uint8Array(65_535);
for (;;) {
  const [bytes, client] = await socket.receive(buffer);
  await socket.send(bytes, client);
}
