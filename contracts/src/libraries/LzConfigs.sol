// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Settings as LayerZero's ULN 302 libraries decode them.
/// @dev https://docs.layerzero.network/v2/developers/evm/protocol-gas-settings/default-config (read 2026-11).
library LzConfigs {
    uint32 internal constant EXECUTOR = 1;
    uint32 internal constant ULN = 2;

    /// @dev Says "no optional verifiers" where zero would say "the default ones".
    uint8 private constant NIL_COUNT = type(uint8).max;

    struct ExecutorConfig {
        uint32 maxMessageSize;
        address executor;
    }

    struct UlnConfig {
        uint64 confirmations;
        uint8 requiredDVNCount;
        uint8 optionalDVNCount;
        uint8 optionalDVNThreshold;
        address[] requiredDVNs;
        address[] optionalDVNs;
    }

    function executor(uint32 maxMessageSize, address account) internal pure returns (bytes memory) {
        return abi.encode(ExecutorConfig(maxMessageSize, account));
    }

    /// @dev Zero confirmations or no verifier would mean LayerZero's defaults: the manifest may have neither.
    function uln(uint64 confirmations, address[] memory dvns) internal pure returns (bytes memory) {
        return abi.encode(
            UlnConfig({
                confirmations: confirmations,
                requiredDVNCount: uint8(dvns.length),
                optionalDVNCount: NIL_COUNT,
                optionalDVNThreshold: 0,
                requiredDVNs: dvns,
                optionalDVNs: new address[](0)
            })
        );
    }
}
