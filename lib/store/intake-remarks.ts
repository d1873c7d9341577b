// What is to be said of files that were given together: each folder and archive has its own remark, and one must not hide the other.

/** More are counted: a line under the bar is no list. */
const MOST_SHOWN = 3;

export class IntakeRemarks {
  private remarks: readonly string[] = [];

  /** All of them as one text. */
  add(remark: string): string {
    const sentence = /[.…!?]$/.test(remark) ? remark : `${remark}.`;
    if (!this.remarks.includes(sentence)) this.remarks = [...this.remarks, sentence];
    const more = this.remarks.length - MOST_SHOWN;
    const shown = this.remarks.slice(0, MOST_SHOWN);
    if (more > 0) shown.push(`And ${more} more ${more === 1 ? 'remark' : 'remarks'} of this kind.`);
    return shown.join(' ');
  }

  /** Files are given anew, or what was said was read. */
  clear(): void {
    this.remarks = [];
  }
}
