/** Of every domain event: the publisher writes it and the rules on the bus ask for it. */
export const eventSource = "manufacturer-security";
