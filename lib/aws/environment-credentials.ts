import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * What the SDK's clients take their credentials from. The build puts this in the place of the SDK's
 * default chain: Lambda hands a function its credentials in environment variables, so that files,
 * single sign-on and instance metadata only make every bundle a third larger.
 */
export const defaultProvider = fromEnv;
