import type { ExportFormat } from '../../../contract/job.ts';
import type { Job } from '../types.ts';
import { shanghaiTime } from '../../vendors/shared/time.ts';

const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

/** A file name for a job's export, good on every system: `<input>-job12-20261123-164205.csv`, time of Beijing. */
export function exportName(job: Pick<Job, 'id' | 'vendor' | 'source'>, now: Date, format: ExportFormat): string {
  const stem = Array.from(
    job.source.name
      .replace(/\.(?:csv|tsv|txt|xlsx?)$/iu, '')
      .replaceAll(/[<>:"/\\|?*\p{Cc}\p{Cf}]/gu, '_')
      .replaceAll(/^[\s.]+|[\s.]+$/gu, ''),
  )
    .slice(0, 60)
    .join('');
  const safe = stem === '' || RESERVED.test(stem) ? job.vendor : stem;
  const time = shanghaiTime(now.getTime()).replaceAll(/[-:]/gu, '').replace(' ', '-');
  return `${safe}-job${job.id}-${time}.${format}`;
}
