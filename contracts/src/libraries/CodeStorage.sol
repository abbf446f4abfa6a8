// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Bytes kept as the code of a contract that does nothing: written once, never changed, and cheap to read.
/// @dev The technique of SSTORE2 (0xSequence, MIT). A leading STOP keeps anyone from running, and so from
/// destroying, what is stored.
library CodeStorage {
    /// @dev Bytes that one contract holds: EIP-170's 24,576, less the STOP.
    uint256 internal constant MAX_BYTES = 24_575;

    /// @return pointer Where the bytes are; zero if the contract could not be made.
    function write(bytes calldata data) internal returns (address pointer) {
        // PUSH2 size, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN: returns all after itself.
        bytes memory creationCode = abi.encodePacked(hex"61", uint16(data.length + 1), hex"80600a3d393df300", data);
        assembly ("memory-safe") {
            pointer := create(0, add(creationCode, 0x20), mload(creationCode))
        }
    }

    /// @dev Length of what {write} stored at `pointer`.
    function sizeOf(address pointer) internal view returns (uint256) {
        return pointer.code.length - 1;
    }

    /// @dev Copies what {write} stored at `pointer` into `buffer`, from its byte `offset` on.
    /// @return end Offset of the first byte behind the copy; must not be beyond the buffer's length.
    function copyInto(address pointer, bytes memory buffer, uint256 offset) internal view returns (uint256 end) {
        uint256 size = sizeOf(pointer);
        end = offset + size;
        assembly ("memory-safe") {
            extcodecopy(pointer, add(add(buffer, 0x20), offset), 1, size)
        }
    }
}
