// An HTTPS server over Go's net/http that answers what it knows of the connection.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
)

var versions = map[uint16]string{tls.VersionTLS11: "TLS1.1", tls.VersionTLS12: "TLS1.2", tls.VersionTLS13: "TLS1.3"}

func answer(w http.ResponseWriter, r *http.Request) {
	client := ""
	if len(r.TLS.PeerCertificates) > 0 {
		client = r.TLS.PeerCertificates[0].Subject.String()
	}
	fmt.Fprintf(w, "version=%s\nsuite=%s\nalpn=%s\nsni=%s\nclient=%s\n", versions[r.TLS.Version],
		tls.CipherSuiteName(r.TLS.CipherSuite), r.TLS.NegotiatedProtocol, r.TLS.ServerName, client)
}

func main() {
	folder := os.Args[1]
	root, err := os.ReadFile(folder + "/root.pem")
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(root)
	var suites []uint16
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		suites = append(suites, suite.ID)
	}
	for _, argument := range os.Args[2:] {
		name, port, _ := strings.Cut(argument, "=")
		config := &tls.Config{MinVersion: tls.VersionTLS11, CipherSuites: suites, ClientCAs: roots}
		switch name {
		case "ClientRequired":
			config.ClientAuth = tls.RequireAndVerifyClientCert
		case "ClientOptional":
			config.ClientAuth = tls.VerifyClientCertIfGiven
		}
		server := &http.Server{Addr: "127.0.0.1:" + port, Handler: http.HandlerFunc(answer), TLSConfig: config}
		certificate := folder + "/" + name + ".pem"
		go func() { log.Fatal(server.ListenAndServeTLS(certificate, certificate+".key")) }()
	}
	select {}
}
