/** Writes a whole buffer, because the system may take only a part of it. */
import { write } from 'node:fs';

/** What to write, and where. */
export interface WriteJob {
  fd: number;
  data: Buffer;
  /** How much of `data` is written. */
  offset: number;
  /** Where in the file `data` begins. */
  position: number;
}

/** A write may be short; the disk says why only on the next one. */
export function writeAll(job: WriteJob, done: (error: Error | null) => void): void {
  write(job.fd, job.data, job.offset, job.data.length - job.offset, job.position + job.offset, (error, written) => {
    if (error) return done(error);
    const offset = job.offset + written;
    if (offset >= job.data.length) return done(null);
    writeAll({ ...job, offset }, done);
  });
}
