// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A contract of a registry that obeys the registry's Gateway.
/// @notice All that must survive a Gateway (works, nonces, lanes, peers) is in contracts that only point to it. The
/// pointer changes through the delayed queue, after the delay of {setGateway} and unless the guardian vetoes.
interface IGatewayUser {
    /// @notice Another contract is the registry's Gateway on this chain.
    event GatewayReplaced(address indexed previous, address indexed current);

    /// @notice Only the registry's delayed queue does this.
    error NotQueue(address caller);

    /// @notice Queue only: obeys another Gateway from now on.
    function setGateway(address current) external;

    /// @notice The registry's Gateway on this chain.
    function gateway() external view returns (address);
}
