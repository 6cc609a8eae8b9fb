/**
 * Where this process keeps what Node.js made of the TypeScript, for those that it starts: it saves a
 * third of the start of a service.
 */
export function compileCache(): Readonly<Record<string, string>> {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
