# A server for each port, in a network where there is only the loopback address.
ip link set lo up
cat > {{folder}}/policy.txt <<'POLICY'
allow_tls11 = true
allow_tls12 = true
ciphers = ChaCha20Poly1305 AES-256/GCM AES-128/GCM AES-256 AES-128
macs = AEAD SHA-1
signature_methods = ECDSA RSA IMPLICIT
key_exchange_methods = ECDH RSA
signature_hashes = SHA-512 SHA-384 SHA-256 SHA-1
POLICY
{{for Ec Rsa Aes128Gcm Aes256Gcm ChaCha20 ClientRequired ClientOptional Foreign WrongName Expired CommonName}}
socat -d -d UNIX-LISTEN:{{folder}}/{{name}}.sock,fork TCP4:127.0.0.1:{{port}} &
stdbuf -oL botan tls_server {{folder}}/{{name}}.pem {{folder}}/{{name}}.pem.key --port={{port}} --policy={{folder}}/policy.txt &
{{end}}
wait
