from lab.two import config
