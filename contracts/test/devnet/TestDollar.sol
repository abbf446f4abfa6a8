// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MintBurnOFTAdapter} from "@layerzerolabs/oft-evm/contracts/MintBurnOFTAdapter.sol";
import {IMintableBurnable} from "@layerzerolabs/oft-evm/contracts/interfaces/IMintableBurnable.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A dollar with six decimals that CCIP's BurnMintTokenPool and LayerZero's MintBurnOFTAdapter both move.
/// @notice Bridges are those whom the owner let mint and burn. For local chains and tests.
contract TestDollar is ERC20, Ownable, IMintableBurnable {
    mapping(address account => bool) public isBridge;

    error NotBridge(address caller);

    modifier onlyBridge() {
        if (!isBridge[msg.sender] && msg.sender != owner()) revert NotBridge(msg.sender);
        _;
    }

    constructor(address owner) ERC20("Test Dollar", "TUSD") Ownable(owner) {}

    function setBridge(address account, bool allowed) external onlyOwner {
        isBridge[account] = allowed;
    }

    /// @dev Also what the token pool calls, which expects no answer.
    function mint(address to, uint256 amount) external onlyBridge returns (bool) {
        _mint(to, amount);
        return true;
    }

    /// @dev The OFT adapter burns from whoever sends.
    function burn(address from, uint256 amount) external onlyBridge returns (bool) {
        _burn(from, amount);
        return true;
    }

    /// @dev The token pool burns what was sent to it.
    function burn(uint256 amount) external onlyBridge {
        _burn(msg.sender, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}

/// @title LayerZero's door of {TestDollar}.
contract TestDollarOft is MintBurnOFTAdapter {
    constructor(
        TestDollar dollar,
        address endpoint,
        address owner
    ) MintBurnOFTAdapter(address(dollar), dollar, endpoint, owner) Ownable(owner) {}
}
