/** Of the API's stage: steady requests per second, and how many may arrive at once, over all callers. */
export const throttle = { rateLimit: 1000, burstLimit: 500 } as const;
