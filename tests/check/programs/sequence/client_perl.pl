# again: like another
use strict;
use warnings;
use IO::Socket::INET;

print "Client (X or Y): ";
chomp(my $side = <STDIN>);
print "Your name: ";
chomp(my $name = <STDIN>);
my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $ARGV[0] || 12000, Proto => 'tcp')
    or die "Could not connect: $!\n";
my $message = "Client $side: $name";
$server->send($message);
$server->recv(my $reply, 1024);
print "Message to server: $message\n";
print "Message from server: $reply\n";
close $server;
