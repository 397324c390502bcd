"""What the tests of several kinds share: private throwaway servers, service processes, free ports."""
