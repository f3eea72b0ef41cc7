"""Artifacts: named, versioned files that runs produce and other runs consume.

Which module owns which step:

    reference    "tokens:v3" -> name, version or alias, service
    digest       files -> one content digest
    known_digests   digests of large files that have not changed since they were read
    version      a version, and the files that describe it
    roots        the folder that holds manifests, on a disk
    remote       the same under a URL; files that are downloaded before they are used
    manifests    versions of artifacts below one root
    artifact     `PArtifact`, the config class whose path and metadata are open until resolved
    resolve      a config with artifacts -> the same config with their paths and metadata
    container    paths inside a container -> paths on the host
"""
