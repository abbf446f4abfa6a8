// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ICollection} from "./interfaces/ICollection.sol";
import {Dependency, IScriptStore, ScriptInfo} from "./interfaces/IScriptStore.sol";
import {CodeStorage} from "./libraries/CodeStorage.sol";

/// @title The scripts of generative projects. See {IScriptStore}.
/// @dev No constructor arguments and no owner: the deterministic deployment proxy puts it at one address everywhere.
contract ScriptStore is IScriptStore {
    struct ScriptRecord {
        bytes32 contentHash;
        uint32 size;
        bool complete;
        address[] pointers;
        Dependency[] dependencies;
    }

    /// @inheritdoc IScriptStore
    uint256 public constant MAX_CHUNK_BYTES = CodeStorage.MAX_BYTES;
    /// @inheritdoc IScriptStore
    uint256 public constant MAX_CHUNKS = 64;

    mapping(address collection => ScriptRecord) private _scripts;

    modifier onlyWriter(address collection) {
        if (msg.sender != Ownable(collection).owner() && msg.sender != ICollection(collection).minter()) {
            revert NotScriptWriter(collection, msg.sender);
        }
        _;
    }

    modifier onlyUnlocked(address collection) {
        uint64 reserved = ICollection(collection).reserved();
        if (reserved != 0) revert ScriptLocked(collection, reserved);
        _;
    }

    /// @inheritdoc IScriptStore
    function begin(
        address collection,
        bytes32 contentHash,
        Dependency[] calldata dependencies
    ) external onlyWriter(collection) onlyUnlocked(collection) {
        bytes32 home = ICollection(collection).homeChainHash();
        // A mirror never mints, so a script kept there could be changed for ever.
        if (home != ICollection(collection).localChainHash()) revert NotHomeCollection(collection, home);
        if (contentHash == 0) revert ContentHashMissing();

        delete _scripts[collection];
        ScriptRecord storage script = _scripts[collection];
        script.contentHash = contentHash;
        for (uint256 i = 0; i < dependencies.length; ++i) {
            script.dependencies.push(dependencies[i]);
        }
        emit ScriptBegun(collection, contentHash, dependencies);
    }

    /// @inheritdoc IScriptStore
    function append(
        address collection,
        uint256 index,
        bytes calldata chunk
    ) external onlyWriter(collection) onlyUnlocked(collection) {
        ScriptRecord storage script = _openScript(collection);
        if (index != script.pointers.length) revert UnexpectedChunk(script.pointers.length, index);
        if (index >= MAX_CHUNKS) revert TooManyChunks(MAX_CHUNKS);
        if (chunk.length == 0 || chunk.length > MAX_CHUNK_BYTES) revert ChunkSizeInvalid(chunk.length);

        address pointer = CodeStorage.write(chunk);
        if (pointer == address(0)) revert ChunkNotStored(index);
        script.pointers.push(pointer);
        script.size += uint32(chunk.length);
        emit ChunkWritten(collection, index, pointer, chunk.length);
    }

    /// @inheritdoc IScriptStore
    function complete(address collection) external onlyWriter(collection) onlyUnlocked(collection) {
        ScriptRecord storage script = _openScript(collection);
        bytes32 actual = keccak256(_read(script));
        if (actual != script.contentHash) revert ContentHashMismatch(script.contentHash, actual);
        script.complete = true;
        emit ScriptCompleted(collection, actual, script.pointers.length, script.size);
    }

    /// @inheritdoc IScriptStore
    function scriptOf(address collection) external view returns (bytes memory) {
        ScriptRecord storage script = _scripts[collection];
        if (!script.complete) revert ScriptIncomplete(collection);
        return _read(script);
    }

    /// @inheritdoc IScriptStore
    function chunkOf(address collection, uint256 index) external view returns (bytes memory chunk) {
        address[] storage pointers = _scripts[collection].pointers;
        if (index >= pointers.length) revert ChunkUnknown(collection, index);
        address pointer = pointers[index];
        chunk = new bytes(CodeStorage.sizeOf(pointer));
        CodeStorage.copyInto(pointer, chunk, 0);
    }

    /// @inheritdoc IScriptStore
    function infoOf(address collection) external view returns (ScriptInfo memory) {
        ScriptRecord storage script = _scripts[collection];
        return ScriptInfo(script.contentHash, script.complete, uint8(script.pointers.length), script.size);
    }

    /// @inheritdoc IScriptStore
    function dependenciesOf(address collection) external view returns (Dependency[] memory) {
        return _scripts[collection].dependencies;
    }

    /// @dev The script, if chunks may still be added to it.
    function _openScript(address collection) private view returns (ScriptRecord storage script) {
        script = _scripts[collection];
        if (script.contentHash == 0) revert ScriptUnknown(collection);
        if (script.complete) revert ScriptAlreadyComplete(collection);
    }

    function _read(ScriptRecord storage script) private view returns (bytes memory whole) {
        whole = new bytes(script.size);
        uint256 offset = 0;
        for (uint256 i = 0; i < script.pointers.length; ++i) {
            offset = CodeStorage.copyInto(script.pointers[i], whole, offset);
        }
    }
}
