/**
 * The report as the `results.json` that an autograder of Gradescope leaves.
 */
