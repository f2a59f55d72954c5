// Floods a broker from a process of its own: node flood.mjs <port> <sockets> <hexadecimal CONNECT> <hexadecimal PUBLISH>
import net from 'node:net';

const [, , port, sockets, connect, publish] = process.argv;
const block = Buffer.concat(Array.from({ length: 200 }, () => Buffer.from(publish, 'hex')));

for (let index = 0; index < Number(sockets); index += 1) {
  const socket = net.connect({ host: '127.0.0.1', port: Number(port) });
  const hello = Buffer.from(connect, 'hex');
  // Client ids are unique: `id0000` becomes `id0001` and so on.
  hello.write(String(index).padStart(4, '0'), hello.indexOf('id0000') + 2, 'latin1');
  const write = () => {
    while (socket.write(block));
  };
  socket.write(hello);
  socket.once('data', write);
  socket.on('drain', write);
  socket.on('error', () => undefined);
}
