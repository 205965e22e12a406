# again: like another
# note: print without $|: without a terminal nothing is seen before the end
use strict;
use warnings;
use IO::Socket::INET;

my $port = $ARGV[0] || 12000;
my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Proto => 'udp')
    or die "Could not bind: $!\n";
print "The server is ready to receive\n";
while (defined $socket->recv(my $message, 2048)) {
    print "$message\n";
    my $answer = uc $message;
    if ($answer eq 'QUIT') {
        print "CONNECTION CLOSED\n";
        print "=====\n";
        print "The server is ready to receive\n";
    }
    $socket->send($answer);
}
