/**
 * The report in the Test Anything Protocol, version 14: for `prove` and other
 * harnesses.
 */
