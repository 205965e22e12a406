/**
 * The report as JUnit XML, which CI services and editors show as a table.
 */
