// again: like another
// note: a PrintWriter that flushes, a BufferedReader until the end of the stream
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.Socket;

class Program {
    public static void main(String[] args) throws Exception {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
        System.out.print("Client X or Y? ");
        String side = keyboard.readLine();
        System.out.print("Name? ");
        String message = "Client " + side + ": " + keyboard.readLine();
        Socket socket = new Socket("127.0.0.1", args.length > 0 ? Integer.parseInt(args[0]) : 12000);
        PrintWriter out = new PrintWriter(new OutputStreamWriter(socket.getOutputStream(), "UTF-8"));
        out.print(message);
        out.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), "UTF-8"));
        System.out.println("Sent: " + message);
        System.out.println("Reply: " + in.readLine());
        socket.close();
    }
}
