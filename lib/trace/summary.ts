/**
 * The summary that `ping` ends with: how many were answered, and how fast.
 */

/** Counts what is sent and answered, in memory that does not grow. */
export class RoundTrips {
  #sent = 0;
  #answered = 0;
  #least = Infinity;
  #most = 0;
  #sum = 0;

  /** A question was sent; a retry counts again. */
  sent(): void {
    this.#sent++;
  }

  /**
   * A question was answered, for the first time.
   *
   * @param roundTrip from the question to its answer, in milliseconds
   */
  answered(roundTrip: number): void {
    this.#answered++;
    this.#least = Math.min(this.#least, roundTrip);
    this.#most = Math.max(this.#most, roundTrip);
    this.#sum += roundTrip;
  }

  /** The counts, and the times if anything was answered, as lines of text. */
  summary(): string[] {
    const lost = Math.max(0, this.#sent - this.#answered);
    const percent = 100 * lost / Math.max(1, this.#sent);
    const counts = `${this.#sent} sent, ${this.#answered} answered, ` +
      `${Number(percent.toPrecision(4))}% lost`;
    if (this.#answered === 0) return [counts];
    const mean = this.#sum / this.#answered;
    const times = [this.#least, mean, this.#most].map((time) =>
      time.toFixed(3)
    );
    return [counts, `round trip min/avg/max = ${times.join("/")} ms`];
  }
}
