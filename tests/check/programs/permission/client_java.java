// again: like another
// note: a Scanner reads the keyboard
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Scanner;

class Program {
    static final int SIZE = 2048;

    public static void main(String[] args) throws Exception {
        Scanner in = new Scanner(System.in);
        int serverPort = args.length > 0 ? Integer.parseInt(args[0]) : 12000;
        System.out.print("Which port shall the client use? ");
        int port = Integer.parseInt(in.nextLine());
        DatagramSocket socket = new DatagramSocket(port, InetAddress.getByName("127.0.0.1"));
        String answer = "";
        while (!answer.equals("Port is not allowed to communicate")) {
            System.out.print("Message to send: ");
            byte[] message = in.nextLine().getBytes("UTF-8");
            socket.send(new DatagramPacket(message, message.length, InetAddress.getByName("127.0.0.1"), serverPort));
            DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
            socket.receive(packet);
            answer = new String(packet.getData(), 0, packet.getLength(), "UTF-8");
            System.out.println("Server: " + answer);
        }
        socket.close();
    }
}
