// The JDK's HttpsServer; it answers what it knows of the connection.
import com.sun.net.httpserver.*;
import java.io.*;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.util.concurrent.Executors;
import java.util.logging.*;
import javax.net.ssl.*;

public class Server {
    private static final char[] PASSWORD = "interop".toCharArray();

    // A logger that nobody holds loses its level.
    private static final Logger LOGGER = Logger.getLogger("com.sun.net.httpserver");

    public static void main(String[] args) throws Exception {
        // TLS 1.1 and the suites of static RSA are in it.
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        var console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        LOGGER.addHandler(console);
        LOGGER.setLevel(Level.ALL);
        for (int i = 1; i < args.length; i++) {
            var parts = args[i].split("=");
            start(Path.of(args[0]), parts[0], Integer.parseInt(parts[1]));
        }
    }

    private static void start(Path folder, String name, int port) throws Exception {
        var context = context(folder, name);
        var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters connection) {
                var parameters = context.getSupportedSSLParameters();
                parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2", "TLSv1.1"});
                parameters.setApplicationProtocols(new String[] {"http/1.1"});
                switch (name) {
                    case "Aes128Gcm" -> parameters.setCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
                    case "Aes256Gcm" -> parameters.setCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384"});
                    case "ChaCha20" -> parameters.setCipherSuites(new String[] {"TLS_CHACHA20_POLY1305_SHA256"});
                    case "ClientRequired" -> parameters.setNeedClientAuth(true);
                    case "ClientOptional" -> parameters.setWantClientAuth(true);
                    default -> { }
                }
                connection.setSSLParameters(parameters);
            }
        });
        server.createContext("/", exchange -> answer((HttpsExchange) exchange));
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private static SSLContext context(Path folder, String name) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        try (var file = Files.newInputStream(folder.resolve(name + ".p12"))) {
            keys.load(file, PASSWORD);
        }
        var keyManagers = KeyManagerFactory.getInstance("SunX509");
        keyManagers.init(keys, PASSWORD);
        var roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        try (var file = Files.newInputStream(folder.resolve("root.pem"))) {
            roots.setCertificateEntry("root", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(roots);
        var context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static void answer(HttpsExchange exchange) throws IOException {
        var session = (ExtendedSSLSession) exchange.getSSLSession();
        var names = session.getRequestedServerNames();
        var name = names.isEmpty() ? "" : ((SNIHostName) names.get(0)).getAsciiName();
        var client = "";
        try {
            client = session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            // None was sent.
        }
        var body = "version=%s\nsuite=%s\nsni=%s\nclient=%s\n".formatted(session.getProtocol(), session.getCipherSuite(), name, client)
            .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
