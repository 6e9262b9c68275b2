/** The account and region every local ARN is in, and the credentials every local client signs with. */
export const accountId = "000000000000";
export const region = "eu-west-1";

/** Checked by nobody: the emulators only want a well-formed signature. */
export const credentials = { accessKeyId: "local", secretAccessKey: "local" } as const;
