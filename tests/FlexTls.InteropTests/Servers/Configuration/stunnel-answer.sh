# Run by stunnel for each connection: reads the request's head, answers with what stunnel knows of the client.
while IFS= read -r line && [ "${#line}" -gt 1 ]; do :; done
body="client=$SSL_CLIENT_DN"
printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' "${#body}" "$body"
