from lab.one import config
