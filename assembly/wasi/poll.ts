/** Waiting without a selector, on the platform that this program is compiled for. */
export { NOT_READY, pollOne, READ, sleep } from "./preview1/poll";
