import http from 'node:http';
import { answerQuestions } from '../child.ts';

/** Takes whatever it is sent, and says so. */
const server = http.createServer((request, response) => {
  request.on('end', () => response.writeHead(204).end());
  request.resume();
});

answerQuestions(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  return { port: address !== null && typeof address === 'object' ? address.port : 0 };
});
