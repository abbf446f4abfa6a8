// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Where marketplaces pay the royalties of one registry on one chain.
/// @notice Takes native money and ERC-20 from anyone, and attributes it to its registry alone: to which sale it belongs
/// is for those to say who read the chain. It keeps nothing: anyone forwards all to the vault on the same chain.
interface IRoyaltyReceiver {
    /// @notice Native money came.
    event NativeReceived(address indexed payer, uint256 amountWei);

    /// @notice All that was here of a token went to the vault. `received` is what the vault got of `amount`.
    event Forwarded(address indexed token, uint256 amount, uint256 received);

    /// @notice Nothing of the token is here.
    error NothingToForward(address token);

    /// @notice Takes native money. Costs less than the 2,300 gas that `transfer` and `send` give.
    receive() external payable;

    /// @notice Anyone: puts all that is here of a token into the vault.
    /// @param token ERC-20; zero for native money.
    /// @return received What the vault got: less than was here if the token charges for transfers.
    function forward(address token) external returns (uint256 received);

    /// @notice Vault of the same registry on this chain.
    function vault() external view returns (address);
}
