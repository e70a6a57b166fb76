# Ports of the loopback address that lead to a server in a network of its own.
{{for Ec Rsa Aes128Gcm Aes256Gcm ChaCha20 ClientRequired ClientOptional Foreign WrongName Expired CommonName}}
socat -d -d TCP4-LISTEN:{{port}},bind=127.0.0.1,fork UNIX-CONNECT:{{folder}}/{{name}}.sock &
{{end}}
unshare {{rights}} --net sh {{inside}}
