/**
 * The kinds of objects that the platform writes, and what they are made of, as the pinned Kubernetes and operators
 * have them: a property that theirs lacks does not compile. Generated from the schemas that manifests are checked
 * against (`npm run generate:schemas`). Source: the OpenAPI document of Kubernetes, and the operators'
 * CustomResourceDefinitions, at the versions of tools/generators/manifest-schemas/sources.ts.
 */
export type * from './k8s/gen/index.ts';
