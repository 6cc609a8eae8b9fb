import { expect, test } from '@jest/globals';
import { declaredEnums } from './declared-enums.ts';

const property = (name: string, line: string, indent = '\t\t\t\t\t'): string =>
  `${indent}"${name}": {\n${indent}\tSchemaProps: spec.SchemaProps{\n${indent}\t\t${line}\n${indent}\t},\n${indent}},`;

test('enumerations are read by definition and property, and those of other packages are not', () => {
  const source = [
    'func schema_k8sio_api_core_v1_ServicePort(ref common.ReferenceCallback) common.OpenAPIDefinition {',
    property('name', 'Format:      "",'),
    property('protocol', 'Enum:        []interface{}{"SCTP", "TCP", "UDP"},'),
    '}',
    'func schema_pkg_apis_meta_v1_Status(ref common.ReferenceCallback) common.OpenAPIDefinition {',
    property('status', 'Enum:        []interface{}{"Success"},'),
    '}',
  ].join('\n');
  expect(declaredEnums(source)).toEqual({
    'io.k8s.api.core.v1.ServicePort': { protocol: ['SCTP', 'TCP', 'UDP'] },
  });
});
