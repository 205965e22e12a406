/**
 * The forms that a report can be written in, by their names on the command line.
 */
