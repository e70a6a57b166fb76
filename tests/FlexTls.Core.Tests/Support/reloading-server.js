// A TLS server whose certificate changes while its tickets stay good. It says which port it has, then answers each line:
// "who" with whether the session was resumed, "1" or "2" by changing to that certificate of the folder. With "strict" it
// requires a client certificate, and refuses clients whose session was resumed.
const fs = require('fs');
const tls = require('tls');

const folder = process.argv[2];
const certificate = number => ({
  key: fs.readFileSync(`${folder}/${number}.key`),
  cert: fs.readFileSync(`${folder}/${number}.pem`),
  ca: fs.readFileSync(`${folder}/root.pem`),
});
const ticketKeys = Buffer.alloc(48, 7);
const isStrict = process.argv[3] === 'strict';
const asked = { requestCert: isStrict, rejectUnauthorized: isStrict };
const server = tls.createServer({ ...certificate(1), ...asked, ticketKeys }, socket => {
  socket.on('error', () => {});
  socket.on('data', data => {
    const line = data.toString().trim();
    if (isStrict && socket.isSessionReused()) {
      socket.end();
      return;
    }

    if (line !== 'who') {
      server.setSecureContext({ ...certificate(line), ticketKeys });
    }

    socket.write(line === 'who' ? (socket.isSessionReused() ? 'resumed' : 'full') : 'done');
  });
});
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
