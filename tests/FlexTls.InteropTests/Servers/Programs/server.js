// Node's https, with HTTP/2 beside it; it answers what it knows of the connection.
'use strict';
const fs = require('fs');
const http2 = require('http2');

const [folder, ...ports] = process.argv.slice(2);
const tls13 = { Aes128Gcm: 'TLS_AES_128_GCM_SHA256', Aes256Gcm: 'TLS_AES_256_GCM_SHA384', ChaCha20: 'TLS_CHACHA20_POLY1305_SHA256' };

for (const [name, port] of ports.map(argument => argument.split('='))) {
  const server = http2.createSecureServer({
    allowHTTP1: true,
    cert: fs.readFileSync(`${folder}/${name}.pem`),
    key: fs.readFileSync(`${folder}/${name}.pem.key`),
    ca: fs.readFileSync(`${folder}/root.pem`),
    minVersion: name in tls13 ? 'TLSv1.3' : 'TLSv1.1',
    ciphers: tls13[name] ?? 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ALL:@SECLEVEL=0',
    requestCert: name.startsWith('Client'),
    rejectUnauthorized: name === 'ClientRequired',
  }, (request, response) => {
    const socket = request.stream?.session?.socket ?? request.socket;
    const client = socket.getPeerCertificate().subject?.CN;
    response.end(`version=${socket.getProtocol()}\nsuite=${socket.getCipher().standardName}\nalpn=${socket.alpnProtocol}\n`
      + `sni=${socket.servername}\nclient=${client}\n`);
  });
  server.on('tlsClientError', error => console.error(`${name}: ${error.message}`));
  server.listen(Number(port), '127.0.0.1');
}
