// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What the delayed queue may do with the LayerZero transport.
interface ILayerZeroTransport {
    /// @notice The transport called its endpoint for the queue.
    event EndpointCalled(bytes4 indexed selector, bytes data);

    /// @notice The queue may configure the transport's lanes, not send for it or give it away.
    error NotConfiguration(bytes4 selector);

    /// @notice Queue only: calls the endpoint as the transport: `setConfig`, `setSendLibrary`, `setReceiveLibrary`,
    /// `setReceiveLibraryTimeout`, `skip`, `nilify`, `burn` or `clear`. The endpoint lets the transport act for no
    /// application but itself.
    /// @param data Selector and arguments of the endpoint's function.
    function callEndpoint(bytes calldata data) external;
}
