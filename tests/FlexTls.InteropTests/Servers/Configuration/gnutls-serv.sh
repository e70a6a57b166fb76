# A server for each port, in a network where there is only the loopback address.
ip link set lo up

serve() {
  name=$1 port=$2
  shift 2
  socat -d -d "UNIX-LISTEN:{{folder}}/$name.sock,fork" "TCP4:127.0.0.1:$port" &
  stdbuf -oL gnutls-serv --http --port "$port" --x509certfile "{{folder}}/$name.pem" --x509keyfile "{{folder}}/$name.pem.key" \
    --alpn http/1.1 "$@" &
}

tls13='NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL'
{{for Ec Rsa Foreign WrongName Expired CommonName}}
serve {{name}} {{port}} --disable-client-cert --priority 'NORMAL:+VERS-TLS1.1'
{{end}}
serve Aes128Gcm {{Aes128Gcm}} --disable-client-cert --priority "$tls13:+AES-128-GCM"
serve Aes256Gcm {{Aes256Gcm}} --disable-client-cert --priority "$tls13:+AES-256-GCM"
serve ChaCha20 {{ChaCha20}} --disable-client-cert --priority "$tls13:+CHACHA20-POLY1305"
serve ClientRequired {{ClientRequired}} --require-client-cert --verify-client-cert --x509cafile '{{folder}}/root.pem'
serve ClientOptional {{ClientOptional}} --verify-client-cert --x509cafile '{{folder}}/root.pem'
wait
