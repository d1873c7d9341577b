// The cases that come with Hoplane, and their files, from this page's own origin.
import { failure, type Result, success } from '../base/result';

export interface Sample {
  readonly id: string;
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly teaches: string;
  readonly files: readonly { readonly name: string; readonly size: number }[];
}

const ROOT = '/samples';

export async function fetchSampleFiles(sample: Sample): Promise<Result<readonly File[], string>> {
  const files: File[] = [];
  for (const { name } of sample.files) {
    const response = await fetchOwn(`${ROOT}/${sample.id}/${name}`);
    if (!response.ok) return response;
    files.push(new File([await response.value.blob()], name, { lastModified: 0 }));
  }
  return success(files);
}

async function fetchOwn(path: string): Promise<Result<Response, string>> {
  try {
    const response = await fetch(path);
    return response.ok
      ? success(response)
      : failure(`${path}: the server answered ${response.status}.`);
  } catch {
    return failure(`${path}: the server did not answer.`);
  }
}
