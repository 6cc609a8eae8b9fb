import { protocGenEs } from '@bufbuild/protoc-gen-es/dist/cjs/src/protoc-gen-es-plugin.js';
import { runNodeJs } from '@bufbuild/protoplugin';

/** Packages that every contract may use; they are generated in the kit. */
const sharedPackages = [/^google\//, /^buf\/validate\//, /^meridian\/type\//];

/**
 * The folder below services/ that holds a generated file: `meridian/catalog/v1/x_pb.js` belongs to
 * `catalog`. Throws on a package that is neither a service's nor shared.
 */
function ownerOf(fileName: string): string {
  if (sharedPackages.some((pattern) => pattern.test(fileName))) return 'kit';
  const service = /^meridian\/([a-z][a-z0-9]*)\//.exec(fileName)?.[1];
  if (service === undefined) {
    throw new Error(
      `${fileName}: a contract's package is meridian.<service>.v<n>; shared types belong in meridian.type`,
    );
  }
  return service;
}

/**
 * A service's contract may import what is shared, never another service's contract: the import
 * would point outside its folder, and one service's change would break another's wire format.
 */
function assertSelfContained(fileName: string, content: string): void {
  const foreign = /from "((?:\.\.\/)+[a-z]+\/v\d+\/[^"]+)"/.exec(content)?.[1];
  if (foreign !== undefined && ownerOf(fileName) !== 'kit') {
    throw new Error(`${fileName}: imports another service's contract (${foreign})`);
  }
}

/** protoc-gen-es, its outputs moved to services/<owner>/contract/gen. */
const protocGenEsByService: typeof protocGenEs = {
  name: 'protoc-gen-es-by-service',
  version: protocGenEs.version,
  run(request) {
    const response = protocGenEs.run(request);
    for (const file of response.file) {
      assertSelfContained(file.name, file.content);
      file.name = `${ownerOf(file.name)}/contract/gen/${file.name}`;
    }
    return response;
  },
};

runNodeJs(protocGenEsByService);
