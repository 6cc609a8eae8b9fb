import path from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';

/** Texts by their path below a folder, as `npm run format` leaves them. */
export async function formatted(
  files: Readonly<Record<string, string>>,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const texts = Object.entries(files).map(async ([name, text]) => {
    const filepath = path.join(folder, name);
    const { inferredParser } = await getFileInfo(filepath);
    if (inferredParser === null) return [name, text] as const;
    return [name, await format(text, { ...(await resolveConfig(filepath)), filepath })] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
