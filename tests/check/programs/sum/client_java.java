// again: like another
// note: speaks NAME,NUMBER
import java.net.Socket;
import java.util.Scanner;

class Program {
    public static void main(String[] args) throws Exception {
        Scanner keyboard = new Scanner(System.in);
        System.out.print("Enter an integer between 1 and 100: ");
        int number = keyboard.nextInt();
        try (Socket socket = new Socket("127.0.0.1", args.length > 0 ? Integer.parseInt(args[0]) : 8000)) {
            socket.getOutputStream().write(("Java Client," + number).getBytes());
            if (number < 1 || number > 100) {
                System.out.println("The number is out of range, the server will stop.");
                return;
            }
            byte[] reply = new byte[1024];
            int length = socket.getInputStream().read(reply);
            String[] fields = new String(reply, 0, length).trim().split(",");
            int theirs = Integer.parseInt(fields[fields.length - 1].trim());
            System.out.println("Client: Java Client, server: " + fields[0]);
            System.out.printf("%d + %d = %d%n", number, theirs, number + theirs);
        }
    }
}
