/**
 * Is this `sum` server right? What the assignment (Dr. Bazmi, implemented by
 * Amirreza Yarahmadi) says in its section "Server Side", and shows in its log.
 */
