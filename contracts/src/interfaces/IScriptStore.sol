// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A library that a script needs, pinned to its bytes.
/// @param name E.g. `p5.js`.
/// @param version E.g. `1.11.2`.
/// @param contentHash keccak256 of the library's bytes.
struct Dependency {
    string name;
    string version;
    bytes32 contentHash;
}

/// @notice What is known of a project's script.
/// @param contentHash keccak256 of the whole script, as announced by {IScriptStore-begin}; zero if there is none.
/// @param complete All chunks are there, and their hash is `contentHash`.
/// @param chunkCount Chunks written so far.
/// @param size Bytes written so far.
struct ScriptInfo {
    bytes32 contentHash;
    bool complete;
    uint8 chunkCount;
    uint32 size;
}

/// @title The scripts of generative projects, in the chain's own storage.
/// @notice One contract for all registries of a chain. A script belongs to the Collection on its home chain, is
/// written in order and in chunks by that Collection's owner or minter, and is checked against its announced hash when
/// it is complete. Until the first edition it may be begun anew; from then on nobody can change it.
/// @dev What a Collection says of its owner, minter and editions is believed for its own script only, so a false
/// Collection harms nobody else.
interface IScriptStore {
    /// @notice A script was begun; whatever was there before is gone.
    event ScriptBegun(address indexed collection, bytes32 indexed contentHash, Dependency[] dependencies);

    /// @notice The next chunk of a script is stored as the code of `pointer`, behind one zero byte.
    event ChunkWritten(address indexed collection, uint256 indexed index, address pointer, uint256 size);

    /// @notice The script is complete, and its hash is the announced one.
    event ScriptCompleted(address indexed collection, bytes32 indexed contentHash, uint256 chunkCount, uint256 size);

    /// @notice Neither owner nor minter of the Collection.
    error NotScriptWriter(address collection, address caller);

    /// @notice The Collection's home is another chain; its script belongs there.
    error NotHomeCollection(address collection, bytes32 homeChainHash);

    /// @notice The Collection has editions, so its script stands as it is.
    error ScriptLocked(address collection, uint64 reserved);

    /// @notice A script that has no content hash could never be complete.
    error ContentHashMissing();

    /// @notice No script was begun for the Collection.
    error ScriptUnknown(address collection);

    /// @notice The script has no such chunk.
    error ChunkUnknown(address collection, uint256 index);

    /// @notice The script is complete; only {begin} starts another one.
    error ScriptAlreadyComplete(address collection);

    /// @notice Chunks are missing, so there is no whole to read.
    error ScriptIncomplete(address collection);

    /// @notice Another chunk is the next one: this one was written before, or one is missing before it.
    error UnexpectedChunk(uint256 expected, uint256 actual);

    /// @notice A chunk has 1 to {MAX_CHUNK_BYTES} bytes.
    error ChunkSizeInvalid(uint256 size);

    /// @notice A script has at most {MAX_CHUNKS} chunks.
    error TooManyChunks(uint256 limit);

    /// @notice The chain did not make the contract that was to hold the chunk.
    error ChunkNotStored(uint256 index);

    /// @notice The chunks are not what was announced.
    error ContentHashMismatch(bytes32 expected, bytes32 actual);

    /// @notice Begins a script, or begins anew. Owner or minter of the Collection, before its first edition.
    /// @param collection Collection of the registry on this chain, which must be its home.
    /// @param contentHash keccak256 of the whole script; not zero.
    /// @param dependencies What the script needs, in the order of loading.
    function begin(address collection, bytes32 contentHash, Dependency[] calldata dependencies) external;

    /// @notice Writes the next chunk. Owner or minter of the Collection, before its first edition.
    /// @param index Number of the chunk, from 0: the count of those that are there; so a retry writes nothing twice.
    /// @param chunk 1 to {MAX_CHUNK_BYTES} bytes.
    function append(address collection, uint256 index, bytes calldata chunk) external;

    /// @notice Declares the script complete, if its hash is the announced one. Owner or minter of the Collection,
    /// before its first edition.
    function complete(address collection) external;

    /// @notice The whole script. Reverts with {ScriptIncomplete} before {complete}.
    function scriptOf(address collection) external view returns (bytes memory);

    /// @notice One chunk, whether the script is complete or not. Reverts with {ChunkUnknown} beyond the last.
    function chunkOf(address collection, uint256 index) external view returns (bytes memory);

    /// @notice What is known of the script; all zero if there is none.
    function infoOf(address collection) external view returns (ScriptInfo memory);

    /// @notice What the script needs, in the order of loading.
    function dependenciesOf(address collection) external view returns (Dependency[] memory);

    /// @notice Bytes of a chunk: what the code of one contract holds, less one.
    function MAX_CHUNK_BYTES() external view returns (uint256);

    /// @notice Chunks of a script: about 1.5 MB, which {complete} can hash within a transaction's 16.7 million gas
    /// (EIP-7825).
    function MAX_CHUNKS() external view returns (uint256);
}
