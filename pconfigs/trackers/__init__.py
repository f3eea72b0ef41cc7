"""Trackers: outside services that are sent what a run's folder contains.

A follower is a process of its own that reads the folder and sends what is new. A service that
hangs, throttles or crashes cannot touch the run: it knows nothing of its followers.

    progress    what a service has been sent: `trackers/<name>.json` in the run's folder
    follower    one run and one service: sends what is new until the run has ended
"""
