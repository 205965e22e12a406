/**
 * Is this `sum` client right? What the assignment (Dr. Bazmi, implemented by
 * Amirreza Yarahmadi) says in its section "Client Side", and shows in its log.
 */
